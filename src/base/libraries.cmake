target_link_libraries(base PUBLIC OpenSSL::Crypto)
