"""The image and the services of docker-compose.yml: read as files, and by Docker Compose itself where it is."""
