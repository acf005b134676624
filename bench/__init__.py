"""Benches: accuracy, mutation, speed, soak. Each is `python -m bench.NAME`; results are committed beside them."""
