"""Who may see and do what: organizations, users, members, sessions."""
