"""Readers of macOS: what its own programs print, as values. Collectors and the sampler of that system stand on them."""
