"""Why an outcome comes about: routes, pivotal events, stories."""
