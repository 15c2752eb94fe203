"""KuaiRand-Pure's raw files to table rows with pandas: the fields of configs/kuairand.yaml.

Users and videos are encoded once each and impressions point to them, so that no column is encoded once an
impression."""
import pathlib

import numpy
import pandas

USER_NUMBERS = ["history_len", "follow_user_num", "fans_user_num", "friend_user_num", "register_days"]
USER_VALUES = (["user_id", "user_active_degree", "follow_user_num_range", "fans_user_num_range",
                "friend_user_num_range", "register_days_range", "is_lowactive_period", "is_live_streamer",
                "is_video_author"] + [f"onehot_feat{i}" for i in range(18)])
VIDEO_VALUES = ["author_id", "music_id", "music_type", "video_type", "upload_type", "upload_dt"]
HISTORIES = ["watch_seq", "long_watch_seq", "like_seq"]
FIRST_TEST_DAY = 20220505


class Vocabulary:
    """Hands out table rows, field by field: a field's unknown values, then the known ones."""

    def __init__(self):
        self.rows = 0

    def add(self, values, weights):
        """Rows of `values`; known are those whose weights (training impressions) sum to 2 or more."""
        codes, found = pandas.factorize(values)
        known = numpy.bincount(codes[codes >= 0], weights[codes >= 0], minlength=len(found)) >= 2
        row_of_code = numpy.where(known, self.rows + numpy.cumsum(known), self.rows)
        first, self.rows = self.rows, self.rows + 1 + int(known.sum())
        return numpy.where(codes >= 0, row_of_code[codes], first).astype(numpy.int32)


def half_octaves(numbers):
    numbers = numbers.fillna(0).to_numpy(numpy.float64)
    return numpy.where(numbers < 1, 0, 1 + numpy.floor(2 * numpy.log2(numpy.maximum(numbers, 1)))).astype(numpy.int64)


def lists(texts, separator):
    """All values, and how many each text has."""
    parts = texts.fillna("").astype(str).str.split(separator)
    values = parts.explode()
    filled = values != ""
    counts = filled.groupby(level=0, sort=False).sum().to_numpy()
    return values[filled].to_numpy(), counts


class Bags:
    """Bags of rows x fields: ids and lengths [rows, fields], row by row."""

    def __init__(self, columns):
        """columns: each the ids of one value a row, or (ids, lengths)."""
        pairs = [column if isinstance(column, tuple) else (column, numpy.ones(len(column), numpy.int64))
                 for column in columns]
        self.lengths = numpy.stack([lengths for _, lengths in pairs], axis=1)
        ends = self.lengths.reshape(-1).cumsum().reshape(self.lengths.shape)
        self.ids = numpy.empty(ends[-1, -1], numpy.int32)
        for f, (ids, lengths) in enumerate(pairs):
            start = numpy.repeat(ends[:, f] - lengths - (lengths.cumsum() - lengths), lengths)
            self.ids[start + numpy.arange(len(ids))] = ids


def read(folder):
    """(bags of users, of videos, of impressions' own fields; their places; labels; table rows)."""
    folder = pathlib.Path(folder) / "kuairand-pure"
    log = pandas.concat([pandas.read_csv(path) for path in sorted(folder.glob("log_standard_*.csv"))])
    users = pandas.read_csv(folder / "user_features_pure.csv").merge(
        pandas.read_csv(folder / "user_history_before_20220425.csv"), on="user_id", how="left")
    videos = pandas.read_csv(folder / "video_features_basic_pure.csv")
    user = pandas.Index(users["user_id"]).get_indexer(log["user_id"])
    video = pandas.Index(videos["video_id"]).get_indexer(log["video_id"])
    log, user, video = (part[(user >= 0) & (video >= 0)] for part in (log, user, video))
    train = (log["date"] < FIRST_TEST_DAY).to_numpy()
    of_user = numpy.bincount(user[train], minlength=len(users)).astype(float)
    of_video = numpy.bincount(video[train], minlength=len(videos)).astype(float)

    vocabulary = Vocabulary()
    user_columns = [vocabulary.add(users[name], of_user) for name in USER_VALUES]
    user_columns += [vocabulary.add(half_octaves(users[name]), of_user) for name in USER_NUMBERS]
    video_columns = [vocabulary.add(videos[name], of_video) for name in VIDEO_VALUES]
    video_columns.append(vocabulary.add(half_octaves(videos["video_duration"]), of_video))
    tags, counts = lists(videos["tag"], ",")
    video_columns.append((vocabulary.add(tags, numpy.repeat(of_video, counts)), counts))

    # Videos of the histories share the rows of video_id.
    texts = [lists(users[name], " ") for name in HISTORIES]
    watched = numpy.concatenate([values.astype(numpy.float64).astype(numpy.int64) for values, _ in texts])
    weights = numpy.concatenate([numpy.repeat(of_user, counts) for _, counts in texts])
    rows = vocabulary.add(numpy.concatenate([videos["video_id"].to_numpy(), watched]),
                          numpy.concatenate([of_video, weights]))
    video_columns.append(rows[:len(videos)])
    place = len(videos)
    for values, counts in texts:
        user_columns.append((rows[place:place + len(values)], counts))
        place += len(values)

    own = [vocabulary.add(log["tab"], train.astype(float)),
           vocabulary.add(log["hourmin"] // 100, train.astype(float))]
    click = log["is_click"].to_numpy(numpy.float32)
    conversion = click * log["long_view"].to_numpy(numpy.float32)
    return (Bags(user_columns), Bags(video_columns), Bags(own)), (user, video), train, click, conversion, vocabulary.rows
