"""What is kept, behind small protocols."""
