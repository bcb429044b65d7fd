"""Public test suites whose exact answers the engine must meet."""
