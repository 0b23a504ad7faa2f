"""One-time codes, human checks (验证码) and limits: what stands between a stranger and an act that costs or reveals."""
