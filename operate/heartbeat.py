"""The cache key of the heartbeat, which beat asks for and a worker writes."""

HEARTBEAT_KEY = "heartbeat"
