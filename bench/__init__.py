"""Measurements of the product from outside, each run by `./dev bench`."""
