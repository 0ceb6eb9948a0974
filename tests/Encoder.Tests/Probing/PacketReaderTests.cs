using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Tests.Probing;

public sealed class PacketReaderTests
{
    [Theory]
    [InlineData("0,          0,          0,      512,     7572, 0xe11cc865", 0.0, 0.04, 7572, true, false)]
    [InlineData("0,        512,       1536,      512,       68, 0xcafcede5, F=0x0", 0.12, 0.04, 68, false, false)]
    [InlineData("0,       -512,       -512,      512,       12, 0xe0ca78ce, F=0x4", -0.04, 0.04, 12, false, true)]
    [InlineData("0,       -512,       -512,      512,       12, 0xe0ca78ce, F=0x5", -0.04, 0.04, 12, true, true)]
    [InlineData("0,     127920,     128000,        0,     2624, 0xcafcede5, F=0x0, S=1,        1", 10.0, 0.0, 2624, false, false)]
    [InlineData("0,     127920,     128000,        0,     7572, 0xe11cc865, S=1,        1", 10.0, 0.0, 7572, true, false)]
    [InlineData("0,          0, -9223372036854775808,      512,       12, 0xe0ca78ce", null, 0.04, 12, true, false)]
    public void A_packet_is_read_from_its_line(string line, double? pts, double duration, long bytes, bool key, bool cut)
    {
        var reader = new PacketReader();
        reader.Read("#tb 0: 1/12800").ShouldBeNull();
        reader.Read(line).ShouldBe(new Packet(pts, duration, bytes, key, cut));
    }

    [Theory]
    [InlineData("#software: Lavf59.27.100")]
    [InlineData("#dimensions 0: 320x180")]
    [InlineData("")]
    [InlineData("0, 0, 0")]
    [InlineData("0, a, b, c, d, e")]
    public void A_line_that_is_no_packet_is_none(string line)
    {
        var reader = new PacketReader();
        reader.Read("#tb 0: 1/12800");
        reader.Read(line).ShouldBeNull();
    }
}
