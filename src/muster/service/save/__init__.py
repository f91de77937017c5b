"""Save and delete entities as a request asks for it: read, apply, keep both sides and all rules, write in one step."""
