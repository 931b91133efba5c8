"""Logistic regression with a ridge, small enough to read (Hastie, Tibshirani, Friedman, ESL, 4.4)."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float64]
RIDGE = 0.5


def fit(
    features: Numbers, labels: Numbers, *, ridge: float = RIDGE, even: bool = False, weights: Numbers | None = None
) -> Numbers:
    """Intercept, then one coefficient for each column. `even` lets both labels weigh the same in all.

    The intercept is not penalised. Features should be of about one size.
    """
    counted = np.ones(len(labels)) if weights is None else weights
    if even:
        fake = labels > 0.5
        counted = counted * np.where(
            fake, len(labels) / (2 * max(fake.sum(), 1)), len(labels) / (2 * max((~fake).sum(), 1))
        )

    def loss(beta: Numbers) -> tuple[float, Numbers]:
        odds = beta[0] + features @ beta[1:]
        missed = counted * (chances(odds) - labels)
        value = float((counted * (np.logaddexp(0, odds) - labels * odds)).sum() + ridge / 2 * (beta[1:] ** 2).sum())
        return value, np.concatenate([[missed.sum()], features.T @ missed + ridge * beta[1:]])

    found: Numbers = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B").x
    return found


def log_odds(beta: Numbers, features: Numbers) -> Numbers:
    """What the model says of each row."""
    found: Numbers = beta[0] + features @ beta[1:]
    return found


def chances(odds: Numbers) -> Numbers:
    """Log-odds as probabilities."""
    found: Numbers = 0.5 * (1 + np.tanh(odds / 2))
    return found
