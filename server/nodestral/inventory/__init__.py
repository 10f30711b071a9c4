"""What runs on nodes: facts, presence and coverage."""
