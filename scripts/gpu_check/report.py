"""The result of scripts/gpu_check.sh as Markdown."""


def words_of(error):
    return str(error) if isinstance(error, RuntimeError) else repr(error)


def heading(result):
    if not result["dry_run"]:
        return [f"## {result['device']}", ""]
    return ["## No GPU was used: a dry run", "",
            "**No GPU was used.** The CPU pretended to be one, in small sizes: this shows that all but `libesmm_cuda.so`",
            "works. Its rates mean nothing.", ""]


def markdown(result):
    passed = [check["passed"] for check in result["checks"]]
    lines = heading(result)
    lines += [f"`scripts/gpu_check.sh`, {result['seconds']:.0f} s, {result['cpu']} CPU cores: {passed.count(True)} checks passed, "
              f"{passed.count(False)} failed, {passed.count(None)} not run; {len(result['benches'])} benches.", ""]
    lines += ["| check | | |", "|---|---|---|"]
    for check in result["checks"]:
        outcome = {True: f"passed | {check['detail']}", False: f"**failed** | {check['detail']}", None: f"not run: {check['detail']} |"}
        lines.append(f"| {check['check']} | {outcome[check['passed']]} |".replace("\n", " "))
    where = "pretended GPU" if result["dry_run"] else "table and batches on the GPU"
    for bench in result["benches"]:
        lines += ["", f"### {bench['name']}, {where}", ""]
        lines += ["| system | samples/s | slowest – fastest round | × stock | share of the limit |", "|---|---|---|---|---|"]
        for row in bench["rows"]:
            lines.append(f"| {row['system']} | {row['samples_per_second']:,.0f} | {row['min']:,.0f} – {row['max']:,.0f} | "
                         f"{ratio(row['ratio_to_stock'])} | {ratio(row['share_of_limit'])} |")
    lines += ["", "The limit: the towers alone, launched as our steps are; fed from a data set, batches held in memory."]
    if not result["dry_run"]:
        lines += ["Products of floats are in TF32 but where batches are fed from a data set."]
    return "\n".join(lines) + "\n"


def ratio(number):
    return "–" if number is None else f"{number:.2f}"
