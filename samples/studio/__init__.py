"""The little studio that makes the sample episode and its ground truth from a script and a seed."""
