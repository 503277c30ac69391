"""Benchmarks: figures and ratios measured side by side in one run. They are no tests and set no limits."""
