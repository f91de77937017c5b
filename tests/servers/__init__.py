"""Real servers for tests: found or started when a test first asks, shared by all workers, ended with the run."""
