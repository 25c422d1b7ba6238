"""Where beat and worker leave their sign of life."""

HEARTBEAT_KEY = "heartbeat"
