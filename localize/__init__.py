"""One finished Chinese micro-drama in, one regional version per market out."""
