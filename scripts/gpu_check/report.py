"""The result of scripts/gpu_check.sh as Markdown."""


def markdown(result):
    lines = [f"## {result['device']}", "", f"`scripts/gpu_check.sh`, {result['seconds']:.0f} s, {result['cpu']} CPU cores.", ""]
    lines += ["| check | | |", "|---|---|---|"]
    words = {True: "passed", False: "**failed**", None: "not run"}
    for check in result["checks"]:
        lines.append(f"| {check['check']} | {words[check['passed']]} | {check['detail']} |".replace("\n", " "))
    for bench in result["benches"]:
        lines += ["", f"### {bench['name']}, table and batches on the GPU, products of floats in TF32", ""]
        lines += ["| system | samples/s | slowest – fastest round | × stock | share of the towers alone |", "|---|---|---|---|---|"]
        for row in bench["rows"]:
            lines.append(f"| {row['system']} | {row['samples_per_second']:,.0f} | {row['min']:,.0f} – {row['max']:,.0f} | "
                         f"{ratio(row['ratio_to_stock'])} | {ratio(row['share_of_limit'])} |")
    return "\n".join(lines) + "\n"


def ratio(number):
    return "–" if number is None else f"{number:.2f}"
