"""The HTTP service: one package a surface, and what all of them stand on."""
