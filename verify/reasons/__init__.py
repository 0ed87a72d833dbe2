"""Why figures are refused, as the verifier finds it and as a file has it."""
