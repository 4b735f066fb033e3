"""What each template promises its seller."""
