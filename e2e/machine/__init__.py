"""The real-machine tests: Debian systems booted with systemd as PID 1, on a network of their own."""
