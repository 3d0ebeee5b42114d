# The inbox as a workbook; the QR code of a receipt.
target_link_libraries(journeys PRIVATE PkgConfig::xlsxwriter PkgConfig::qrencode)
