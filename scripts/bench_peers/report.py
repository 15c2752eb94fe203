"""The measurements as Markdown: ratios to the fastest other system of each case."""


def is_ours(name):
    return name.startswith("esmm, ")


def fastest(results, bf16):
    """(name, samples/s) of the fastest other system, those with towers in bf16 apart."""
    others = {name: result["samples_per_second"] for name, result in results.items()
              if not is_ours(name) and ("bf16" in name) == bf16}
    return max(others.items(), key=lambda item: item[1])


def table(case, results):
    name32, speed32 = fastest(results, bf16=False)
    name16, speed16 = fastest(results, bf16=True)
    lines = [f"### {case}", "", "| system | samples/s | slowest – fastest | threads | ÷ fastest fp32 | ÷ fastest bf16 |",
             "|---|---|---|---|---|---|"]
    for name, result in sorted(results.items(), key=lambda item: -item[1]["samples_per_second"]):
        speed = result["samples_per_second"]
        shown = f"**{name}**" if name in (name32, name16) else name
        lines.append(f"| {shown} | {speed:.4g} | {result['min']:.4g} – {result['max']:.4g} | {result['threads']} | "
                     f"{speed / speed32:.2f} | {speed / speed16:.2f} |")
    return lines


def markdown(all_results):
    lines = []
    for case, results in all_results.items():
        lines += table(case, results) + [""]
    return "\n".join(lines)
