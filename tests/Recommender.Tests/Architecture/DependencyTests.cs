namespace Recommender.Tests.Architecture;

public sealed class DependencyTests
{
    [Fact]
    public void The_engine_uses_the_runtime_and_tensors_only() =>
        Assert.All(References(typeof(Tenant)), name => Assert.StartsWith("System.", name));

    [Fact]
    public void Storage_knows_the_engine_and_sqlite_and_neither_protobuf_nor_the_web() => Assert.All(References(typeof(Storage.IShopStore)), name =>
        Assert.True(name == "Recommender" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("SQLitePCLRaw", StringComparison.Ordinal), name));

    [Fact]
    public void Protobuf_types_stay_in_the_server_and_the_command_line()
    {
        foreach (var type in (Type[])[typeof(Tenant), typeof(Storage.IShopStore)])
            Assert.DoesNotContain(References(type), name => name.Contains("Protobuf", StringComparison.Ordinal) || name.Contains("Grpc", StringComparison.Ordinal));
    }

    [Fact]
    public void The_server_reaches_the_database_through_storage_only() =>
        Assert.DoesNotContain(References(typeof(Recommender.Server.ServerHost)), name => name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> References(Type inside) => inside.Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
