// The little script of our own: what htmx leaves open. Every page works without it.
