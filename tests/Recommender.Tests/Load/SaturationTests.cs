using Recommender.Cli.Load;

namespace Recommender.Tests.Load;

public sealed class SaturationTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(777)]
    [InlineData(6_400)]
    public async Task The_rate_found_is_kept_up_with_and_close_to_the_greatest(double capacity)
    {
        double found = await Saturation.FindAsync(25, 100_000, rate => Task.FromResult(rate <= capacity));
        Assert.InRange(found, capacity * 0.96, capacity);
    }

    [Fact]
    public async Task A_server_that_keeps_up_with_nothing_has_no_saturation() =>
        Assert.Equal(0, await Saturation.FindAsync(25, 100_000, _ => Task.FromResult(false)));

    [Fact]
    public async Task A_try_that_something_else_disturbed_is_made_again()
    {
        int tries = 0;
        double found = await Saturation.FindAsync(25, 100_000, rate => Task.FromResult(rate <= 1_000 && ++tries % 2 == 0));
        Assert.InRange(found, 960, 1_000);
    }

    [Fact]
    public void Who_listens_is_found_in_the_table_of_the_system()
    {
        const string Line = "   3: 0100007F:13D8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 424242 1 0000000000000000 100 0 0 10 0";
        Assert.Equal("socket:[424242]", ProcessCpu.ListeningSocket(Line, 5080));
        Assert.Null(ProcessCpu.ListeningSocket(Line, 5081));
        // An established connection from that port is not the server.
        Assert.Null(ProcessCpu.ListeningSocket(Line.Replace(" 0A ", " 01 ", StringComparison.Ordinal), 5080));
    }
}
