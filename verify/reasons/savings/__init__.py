"""What the reader of a saving must know, and the tests that its model fails."""
