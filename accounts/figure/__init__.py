"""What a published figure is: its rounding, its days, its factors, or the reason why there is none."""
