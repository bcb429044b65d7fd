"""Speed, measured beside a floor in C: `python -m benchmarks.engine`, or `make bench`."""
