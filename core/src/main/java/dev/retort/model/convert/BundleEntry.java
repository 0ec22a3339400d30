package dev.retort.model.convert;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Where and what a variable is: TensorFlow's `BundleEntryProto`, whose fields are in
/// `tensorflow/core/protobuf/tensor_bundle.proto` of TensorFlow.
///
/// @param type the number of the element type in TensorFlow's `DataType`
/// @param shape the sizes of the dimensions
/// @param shard the number of the file with the elements
/// @param offset the first byte in that file
/// @param size the number of bytes
/// @param checksum their masked CRC-32C
/// @param sliced whether the elements are spread over entries of their own
record BundleEntry(
    int type, List<Long> shape, int shard, long offset, long size, int checksum, boolean sliced) {

  /// `DT_FLOAT`: 32 bits.
  static final int FLOAT = 1;

  /// Reads the message.
  ///
  /// @throws com.google.protobuf.InvalidProtocolBufferException when it is damaged
  static BundleEntry parse(byte[] message) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    int type = 0;
    List<Long> shape = List.of();
    int shard = 0;
    long offset = 0;
    long size = 0;
    int checksum = 0;
    boolean sliced = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> type = in.readEnum();
        case 2 -> shape = shape(in.readByteArray());
        case 3 -> shard = in.readInt32();
        case 4 -> offset = in.readInt64();
        case 5 -> size = in.readInt64();
        case 6 -> checksum = in.readFixed32();
        case 7 -> sliced = in.skipField(tag);
        default -> in.skipField(tag);
      }
    }
    return new BundleEntry(type, shape, shard, offset, size, checksum, sliced);
  }

  /// A `TensorShapeProto`: messages of dimensions, whose first field is the size.
  private static List<Long> shape(byte[] message) throws IOException {
    List<Long> shape = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 2) {
        shape.add(firstNumber(in.readByteArray()));
      } else {
        in.skipField(tag);
      }
    }
    return shape;
  }

  /// Field 1 of a message, a number; 0, protobuf's default, where it is not written.
  static long firstNumber(byte[] message) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    long number = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        number = in.readInt64();
      } else {
        in.skipField(tag);
      }
    }
    return number;
  }
}
