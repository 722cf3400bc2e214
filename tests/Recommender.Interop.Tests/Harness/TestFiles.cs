using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Recommender.Interop.V1;
using ReflectionV1 = Grpc.Reflection.V1.ReflectionReflection;
using ReflectionV1Alpha = Grpc.Reflection.V1Alpha.ReflectionReflection;

namespace Recommender.Interop.Tests.Harness;

/// <summary>What both sides of a call need to agree on: the descriptors of the services, and a certificate for localhost.</summary>
public static class TestFiles
{
    private static readonly string _folder = Directory.CreateTempSubdirectory("recommender-interop-").FullName;

    public static X509Certificate2 Certificate { get; } = CreateCertificate();

    public static string CertificatePath { get; } = Write("certificate.pem", Certificate.ExportCertificatePem());

    public static string KeyPath { get; } =
        Write("key.pem", Certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());

    /// <summary>A FileDescriptorSet of all that the scripts call: no language needs generated code.</summary>
    public static string DescriptorsPath { get; } = WriteDescriptors(
        ProbeReflection.Descriptor,
        HealthReflection.Descriptor,
        ReflectionV1.Descriptor,
        ReflectionV1Alpha.Descriptor,
        Google.Rpc.StatusReflection.Descriptor,
        Google.Rpc.ErrorDetailsReflection.Descriptor);

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static string WriteDescriptors(params FileDescriptor[] roots)
    {
        var set = new FileDescriptorSet();
        var seen = new HashSet<string>();
        foreach (var root in roots)
            Add(root);
        string path = Path.Combine(_folder, "descriptors.binpb");
        File.WriteAllBytes(path, set.ToByteArray());
        return path;

        // Imports first: that is the order in which every language can load them.
        void Add(FileDescriptor file)
        {
            if (!seen.Add(file.Name))
                return;
            foreach (var import in file.Dependencies)
                Add(import);
            set.File.Add(file.ToProto());
        }
    }

    private static string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
