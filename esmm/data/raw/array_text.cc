#include "esmm/data/raw/array_text.h"

#include "esmm/core/error.h"
#include "esmm/data/raw/time_text.h"

#include <arrow/array.h>
#include <arrow/array/util.h>
#include <arrow/type.h>
#include <arrow/util/float16.h>

#include <charconv>
#include <cmath>
#include <utility>

namespace esmm::data {

namespace {

class UnknownType : public InternalError {
 public:
  explicit UnknownType(const arrow::Array& array)
      : InternalError("no text for type " + array.type()->ToString()) {}
};

// The text of every element, "" for a null.
using Texts = std::vector<std::string_view>;

template <typename Array, typename TextOf>
Texts texts_by(const arrow::Array& array, TextOf&& text_of) {
  const auto& typed = static_cast<const Array&>(array);
  Texts texts(static_cast<size_t>(array.length()));
  for (int64_t i = 0; i < array.length(); ++i) {
    if (!typed.IsNull(i)) texts[static_cast<size_t>(i)] = text_of(typed, i);
  }
  return texts;
}

template <typename Number>
std::string_view number_text(Number number, ChunkStorage& storage) {
  constexpr size_t kRoom = 40;
  char* room = storage.room(kRoom);
  const std::to_chars_result result = std::to_chars(room, room + kRoom, number);
  return storage.used(static_cast<size_t>(result.ptr - room));
}

template <typename Float>
std::string_view float_text(Float value, ChunkStorage& storage) {
  if (std::abs(value) < Float{1e15f} && value == std::trunc(value)) {
    return number_text(static_cast<int64_t>(value), storage);
  }
  return number_text(value, storage);
}

template <typename Array>
Texts integer_texts(const arrow::Array& array, ChunkStorage& storage) {
  return texts_by<Array>(array,
                         [&](const Array& typed, int64_t i) { return number_text(typed.Value(i), storage); });
}

template <typename Array>
Texts float_texts(const arrow::Array& array, ChunkStorage& storage) {
  return texts_by<Array>(array,
                         [&](const Array& typed, int64_t i) { return float_text(typed.Value(i), storage); });
}

template <typename Array>
Texts view_texts(const arrow::Array& array) {
  return texts_by<Array>(array,
                         [](const Array& typed, int64_t i) -> std::string_view { return typed.GetView(i); });
}

template <typename Array>
Texts decimal_texts(const arrow::Array& array, ChunkStorage& storage) {
  return texts_by<Array>(array,
                         [&](const Array& typed, int64_t i) { return storage.copy(typed.FormatValue(i)); });
}

int64_t units_per_second(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    case arrow::TimeUnit::NANO:
      return 1'000'000'000;
  }
  throw InternalError("unknown unit of time");
}

// Type: arrow::TimestampType or a type of times of the day; format: its function of time_text.h.
template <typename Type>
Texts time_texts(const arrow::Array& array, ChunkStorage& storage, std::string (*format)(int64_t, int64_t)) {
  using Array = typename arrow::TypeTraits<Type>::ArrayType;
  const int64_t units = units_per_second(static_cast<const Type&>(*array.type()).unit());
  return texts_by<Array>(
      array, [&](const Array& typed, int64_t i) { return storage.copy(format(typed.Value(i), units)); });
}

Texts texts_of(const arrow::Array& array, ChunkStorage& storage);

Texts dictionary_texts(const arrow::Array& array, ChunkStorage& storage) {
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(array);
  const Texts values = texts_of(*dictionary.dictionary(), storage);
  return texts_by<arrow::DictionaryArray>(array, [&](const arrow::DictionaryArray& typed, int64_t i) {
    return values[static_cast<size_t>(typed.GetValueIndex(i))];
  });
}

Texts texts_of(const arrow::Array& array, ChunkStorage& storage) {
  switch (array.type_id()) {
    case arrow::Type::NA:
      return Texts(static_cast<size_t>(array.length()));
    case arrow::Type::BOOL:
      return texts_by<arrow::BooleanArray>(
          array, [](const auto& typed, int64_t i) -> std::string_view { return typed.Value(i) ? "1" : "0"; });
    case arrow::Type::INT8:
      return integer_texts<arrow::Int8Array>(array, storage);
    case arrow::Type::INT16:
      return integer_texts<arrow::Int16Array>(array, storage);
    case arrow::Type::INT32:
      return integer_texts<arrow::Int32Array>(array, storage);
    case arrow::Type::INT64:
      return integer_texts<arrow::Int64Array>(array, storage);
    case arrow::Type::UINT8:
      return integer_texts<arrow::UInt8Array>(array, storage);
    case arrow::Type::UINT16:
      return integer_texts<arrow::UInt16Array>(array, storage);
    case arrow::Type::UINT32:
      return integer_texts<arrow::UInt32Array>(array, storage);
    case arrow::Type::UINT64:
      return integer_texts<arrow::UInt64Array>(array, storage);
    case arrow::Type::HALF_FLOAT:
      return texts_by<arrow::HalfFloatArray>(array, [&](const auto& typed, int64_t i) {
        return float_text(arrow::util::Float16::FromBits(typed.Value(i)).ToFloat(), storage);
      });
    case arrow::Type::FLOAT:
      return float_texts<arrow::FloatArray>(array, storage);
    case arrow::Type::DOUBLE:
      return float_texts<arrow::DoubleArray>(array, storage);
    case arrow::Type::STRING:
      return view_texts<arrow::StringArray>(array);
    case arrow::Type::BINARY:
      return view_texts<arrow::BinaryArray>(array);
    case arrow::Type::LARGE_STRING:
      return view_texts<arrow::LargeStringArray>(array);
    case arrow::Type::LARGE_BINARY:
      return view_texts<arrow::LargeBinaryArray>(array);
    case arrow::Type::STRING_VIEW:
      return view_texts<arrow::StringViewArray>(array);
    case arrow::Type::BINARY_VIEW:
      return view_texts<arrow::BinaryViewArray>(array);
    case arrow::Type::FIXED_SIZE_BINARY:
      return view_texts<arrow::FixedSizeBinaryArray>(array);
    case arrow::Type::DECIMAL128:
      return decimal_texts<arrow::Decimal128Array>(array, storage);
    case arrow::Type::DECIMAL256:
      return decimal_texts<arrow::Decimal256Array>(array, storage);
    case arrow::Type::DATE32:
      return texts_by<arrow::Date32Array>(
          array, [&](const auto& typed, int64_t i) { return storage.copy(date_text(typed.Value(i))); });
    case arrow::Type::DATE64:
      return texts_by<arrow::Date64Array>(array, [&](const auto& typed, int64_t i) {
        return storage.copy(date_text(typed.Value(i) / 86'400'000));
      });
    case arrow::Type::TIMESTAMP:
      return time_texts<arrow::TimestampType>(array, storage, timestamp_text);
    case arrow::Type::TIME32:
      return time_texts<arrow::Time32Type>(array, storage, time_of_day_text);
    case arrow::Type::TIME64:
      return time_texts<arrow::Time64Type>(array, storage, time_of_day_text);
    case arrow::Type::DICTIONARY:
      return dictionary_texts(array, storage);
    default:
      throw UnknownType(array);
  }
}

void single_values(const arrow::Array& array, ChunkStorage& storage, RawColumn& column) {
  Texts texts = texts_of(array, storage);
  column.offsets.clear();
  if (array.null_count() == 0) {
    column.values = std::move(texts);
    return;
  }
  column.values.clear();
  column.offsets.push_back(0);
  for (int64_t i = 0; i < array.length(); ++i) {
    if (array.IsValid(i)) column.values.push_back(texts[static_cast<size_t>(i)]);
    column.offsets.push_back(static_cast<int64_t>(column.values.size()));
  }
}

// List: any array of lists.
template <typename List>
void lists(const arrow::Array& array, ChunkStorage& storage, RawColumn& column) {
  const auto& list = static_cast<const List&>(array);
  const int64_t rows = array.length();
  const int64_t begin = list.value_offset(0);
  const Texts texts = texts_of(*list.values()->Slice(begin, list.value_offset(rows) - begin), storage);
  column.values.clear();
  column.offsets.assign(1, 0);
  for (int64_t i = 0; i < rows; ++i) {
    if (list.IsValid(i)) {
      const auto first = texts.begin() + (list.value_offset(i) - begin);
      column.values.insert(column.values.end(), first, first + list.value_length(i));
    }
    column.offsets.push_back(static_cast<int64_t>(column.values.size()));
  }
}

}  // namespace

bool is_list(const arrow::DataType& type) {
  return type.id() == arrow::Type::LIST || type.id() == arrow::Type::LARGE_LIST ||
         type.id() == arrow::Type::FIXED_SIZE_LIST;
}

void to_text(const arrow::Array& array, ChunkStorage& storage, RawColumn& column) {
  column.is_list = is_list(*array.type());
  switch (array.type_id()) {
    case arrow::Type::LIST:
      return lists<arrow::ListArray>(array, storage, column);
    case arrow::Type::LARGE_LIST:
      return lists<arrow::LargeListArray>(array, storage, column);
    case arrow::Type::FIXED_SIZE_LIST:
      return lists<arrow::FixedSizeListArray>(array, storage, column);
    default:
      return single_values(array, storage, column);
  }
}

bool has_text(const std::shared_ptr<arrow::DataType>& type) {
  const auto none = arrow::MakeEmptyArray(type);
  if (!none.ok()) return false;
  try {
    ChunkStorage storage;
    RawColumn column;
    to_text(**none, storage, column);
    return true;
  } catch (const UnknownType&) {
    return false;
  }
}

}  // namespace esmm::data
