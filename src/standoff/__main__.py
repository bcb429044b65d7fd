"""`python -m standoff`: the command line."""

from standoff.cli import main

if __name__ == "__main__":
    main()
