// The compiled halves of Asio and Beast, in one unit of their own.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
