"""Measures the tables of README.md in this folder; never part of the wheel. `make bench` runs everything."""
