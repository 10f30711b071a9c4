"""Packet filters of Linux: what the kernel, nft and iptables tell, in one form."""
