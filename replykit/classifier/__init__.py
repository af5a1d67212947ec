"""The trained reader: an encoder and a linear model over character n-grams, mixed and calibrated, without torch.

`bundle` is the folder of files that training writes, `encoder` and `ngrams` are its two parts, `classifier` joins their
scores, `evidence` finds the words behind a claim, and `analyzer` hands all of it to the analysis.
"""
