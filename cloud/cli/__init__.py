"""The commands of steelyard-cloud, one module a family; each has `add(app)`, and frame.py what they share."""
