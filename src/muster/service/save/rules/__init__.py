"""What holds for the entities of a type, whoever writes them; one file a subject."""
