"""Trains a reader on labelled messages and writes the folder that `replykit.classifier` loads.

Needs `replykit[train]` (torch, transformers, scikit-learn, onnx). The way: labelled rows, the linear part, the encoder
(pre-trained, then taught), mixing and calibration on messages held out, export.
"""
