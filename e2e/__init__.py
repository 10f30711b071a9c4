"""Tests from outside: a whole product, used as its users use it."""
