"""Running: which briefs must run and why, and running them, here or on many machines."""
