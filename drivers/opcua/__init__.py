"""OPC UA: subscriptions, with the source's time and status of each value."""
