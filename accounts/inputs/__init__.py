"""What figures are made of: the points of a site and what flowed at each."""
