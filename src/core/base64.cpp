#include "core/base64.h"

#include <openssl/evp.h>

#include <algorithm>

#include "core/error.h"

namespace actlab {

std::string to_base64(std::span<const uint8_t> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL ends it with a zero
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

Bytes from_base64(const std::string& text) {
  Bytes bytes(text.size() / 4 * 3);
  const int length = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (text.size() % 4 != 0 || length < 0) throw Error(ExitStatus::kFailed, "this is not base64");
  // OpenSSL counts the padding as bytes of zero.
  const auto padding =
      std::count(text.end() - static_cast<std::ptrdiff_t>(std::min<size_t>(2, text.size())), text.end(), '=');
  bytes.resize(static_cast<size_t>(length - padding));
  return bytes;
}

}  // namespace actlab
