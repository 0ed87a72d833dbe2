"""The connection to a broker, the same at both ends: edge and cloud publish and subscribe through it alone."""
