"""Raw frames of high-rate sensors: their layout as a file, and the decoder that it makes."""
