"""What a site has declared, as far as it counts."""
