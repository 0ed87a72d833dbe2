"""From an MQTT message or a desk's delivery to durable blocks and their receipts."""
