"""What is to be said of all products together: which overlap, which never change, what is dead, uncovered, or old."""
