"""Where the machine's certificates are: in files, and behind its listening sockets."""
