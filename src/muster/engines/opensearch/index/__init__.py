"""The index of assets on a server: how it is made, described, written and replaced."""
